/** Installs the real Nginx and uWSGI that `npm test` then compares with ours. That it cannot is no error: it says why not. */
import { installReal } from './real/install.ts';

const missing = installReal();
console.log(missing === null ? 'The real servers are installed.' : `No real servers: ${missing}.`);

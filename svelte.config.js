// Read by svelte-check and editors; Astro's integration preprocesses the same way.
import { vitePreprocess } from '@astrojs/svelte';

export default { preprocess: vitePreprocess() };

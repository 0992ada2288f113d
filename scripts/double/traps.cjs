// Loaded into every Node process of the container double: what a WebContainer's Node lacks, lacks here, and every port that is
// opened is announced.
const net = require('node:net');
const childProcess = require('node:child_process');

Object.defineProperty(process.versions, 'webcontainer', { value: 'double', enumerable: true });

const refuse = (what) => {
  throw new Error(`A WebContainer has no ${what}`);
};
const isPath = (target) =>
  typeof target === 'object' && target !== null ? typeof target.path === 'string' : typeof target === 'string' && !/^\d+$/.test(target);

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  // net.connect() hands over its arguments in an array.
  if (isPath(Array.isArray(args[0]) ? args[0][0] : args[0])) refuse('Unix sockets');
  return connect.apply(this, args);
};

let announcements = null;
function announce(text) {
  if (announcements === null) {
    announcements = net.connect(Number(process.env.DOUBLE_PORTS), '127.0.0.1');
    announcements.on('error', () => {});
    announcements.unref();
  }
  announcements.write(`${text}\n`);
}

const { listen } = net.Server.prototype;
net.Server.prototype.listen = function (target, ...rest) {
  if (isPath(target)) refuse('Unix sockets');
  const wanted = typeof target === 'object' && target !== null ? target.port : target;
  // A port by number is the container's own: on this machine it may be another's.
  const fixed = Number(wanted) > 0;
  this.once('listening', () => {
    const { port } = this.address();
    const shown = fixed ? Number(wanted) : port;
    announce(`open ${shown} ${port}`);
    this.once('close', () => announce(`close ${shown} ${port}`));
  });
  return listen.call(this, fixed ? (typeof target === 'object' ? { ...target, port: 0 } : 0) : target, ...rest);
};

const { fork } = childProcess;
childProcess.fork = (...args) => {
  const child = fork(...args);
  const { send } = child;
  child.send = (message, handle, ...more) =>
    typeof handle === 'object' && handle !== null ? refuse('handle passing') : send.call(child, message, handle, ...more);
  return child;
};

/** StackBlitz' client, as the page loads it: what src/runtime/webcontainer/boot.ts calls `ContainerClient`. */
export { configureAPIKey, WebContainer } from '@webcontainer/api';

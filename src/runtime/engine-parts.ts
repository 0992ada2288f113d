/** The engine's files by name, as its build lists them; without their addresses, which only a build knows. */
export type Part = 'frame' | 'kernel' | 'plainProcess' | 'pythonProcess' | 'loader' | 'asm' | 'wasm' | 'stdlib' | 'node' | 'nodeProcess';

/** What the engine in the tab is made of: what comes first, and Python. The other parts belong to the second engine. */
export const ENGINE: readonly Part[] = ['frame', 'kernel', 'plainProcess', 'pythonProcess'];
export const PYTHON: readonly Part[] = ['loader', 'asm', 'wasm', 'stdlib'];

/** WebGL's textures on paper: what a run will hold on a device. */
export { foreseeTextures, type TextureForecast } from './forecast';
export { type TextureLimits, textureBytes } from './texture';

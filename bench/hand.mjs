// The blocks as they are written by hand: the gallery's own.
export { SaganAttention } from '../media/gallery/typescript/sagan';
export { SelfAttention } from '../media/gallery/typescript/selfAttention';

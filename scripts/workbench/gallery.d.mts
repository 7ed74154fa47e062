export function galleryCopy(): string;

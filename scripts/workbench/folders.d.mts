export const ROOT: string;
export function temporary(name: string): string;

import type { Browser } from 'playwright-core';

export function launchBrowser(options?: { readonly webgl?: boolean }): Promise<Browser>;

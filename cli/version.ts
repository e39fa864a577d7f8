/** Defined by the bundler: the version of package.json. */
declare const SLIPWAY_VERSION: string | undefined;

export const version: string = typeof SLIPWAY_VERSION === 'undefined' ? 'source' : SLIPWAY_VERSION;

import type { Context } from './context.js';

/** Most CI systems set CI; an operator's shell that sets it to `false` is none. */
export const isCi = ({ CI }: Context['environment']): boolean => CI !== undefined && CI !== '' && CI !== 'false' && CI !== '0';

import type { ReadonlySignal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { get } from './http.js';

export type Resource<Answer> = { readonly data?: Answer; readonly error?: Error; readonly isLoading: boolean };
type Read<Answer> = Resource<Answer> & { readonly path: string | undefined };

/**
 * An answer of the API, read again when `changedBy` changes; nothing is read without a path. Data of the same path stay while they are read again, and beside an error of
 * the repeated read; the answer of an earlier path, or of an earlier read, is dropped.
 */
export const useResource = <Answer>(path: string | undefined, changedBy?: ReadonlySignal<number>): Resource<Answer> => {
  const [read, setRead] = useState<Read<Answer>>({ path, isLoading: path !== undefined });
  const change = changedBy?.value;
  useEffect(() => {
    if (path === undefined) return undefined;
    let isCurrent = true;
    const settle = (part: Partial<Resource<Answer>>) => {
      if (isCurrent)
        setRead((before) => ({ ...(before.path === path && before.data && { data: before.data }), ...part, path, isLoading: false }));
    };
    get<Answer>(path).then(
      (data) => settle({ data }),
      (error: Error) => settle({ error }),
    );
    return () => {
      isCurrent = false;
    };
  }, [path, change]);
  return read.path === path ? read : { isLoading: path !== undefined };
};

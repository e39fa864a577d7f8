/** `3 services`, `1 service` */
export const count = (number: number, one: string, many = `${one}s`): string => `${number} ${number === 1 ? one : many}`;

/** `a, b or c`; `a, b and c` */
export const list = (items: readonly string[], word: 'and' | 'or' = 'and'): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} ${word} ${items.at(-1)}`;

/** The first eight digits of `sha256:…`: what is compared by eye. Another text stays as it is. */
export const shortDigest = (digest: string): string => /^sha256:([0-9a-f]{8})/.exec(digest)?.[1] ?? digest;

/** `sha256:7c1ea90f52b8…e3d1`: enough to be compared with another one. Another text stays as it is. */
export const longDigest = (digest: string): string => digest.replace(/^(sha256:[0-9a-f]{12})[0-9a-f]+([0-9a-f]{4})$/, '$1…$2');

/** The name by which an operator knows an image: its tag, else its short digest. */
export const imageName = (image: { readonly tag?: string; readonly digest: string }): string => image.tag ?? shortDigest(image.digest);

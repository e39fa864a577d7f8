const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export const escaped = (text: string): string => text.replace(/[&<>"]/g, (one) => entities[one] ?? '');

/** A document whose `.picture` is what is shown. */
export const documentOf = (style: string, body: string): string =>
  `<!doctype html><meta charset="utf-8"><style>body{margin:0}.picture{display:inline-block}${style}</style><div class="picture">${body}</div>`;

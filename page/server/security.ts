import type { MiddlewareHandler } from 'hono';
import { PageError } from './page-error.js';

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const headers: Readonly<Record<string, string>> = {
  'Content-Security-Policy': policy,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/** On every answer, also on one that refuses. */
export const secureHeaders: MiddlewareHandler = async (context, next) => {
  await next();
  for (const [name, value] of Object.entries(headers)) context.res.headers.set(name, value);
};

const forbidden = (message: string): PageError => new PageError(403, { reason: 'FORBIDDEN', message });

/**
 * Refuses what a page of another site can send to a loopback address: a Host that a name server made point here, a POST or an event stream
 * of another origin, and a POST that a form can make. `origin` is the printed one.
 */
export const ofThisOrigin =
  (origin: () => string): MiddlewareHandler =>
  async ({ req }, next) => {
    const expected = origin();
    const host = expected.slice('http://'.length);
    if (req.header('Host') !== host)
      throw forbidden(`The Host is ${req.header('Host') ?? 'missing'}; expected ${host}: open the page by the address that was printed.`);
    const given = req.header('Origin');
    const isPost = req.method === 'POST';
    if (isPost ? given !== expected : given !== undefined && given !== expected)
      throw forbidden(`The Origin is ${given ?? 'missing'}; expected ${expected}.`);
    const site = req.header('Sec-Fetch-Site');
    if (req.path.startsWith('/api/') && site !== undefined && site !== 'same-origin')
      throw forbidden(`The request is ${site}; expected one of the page itself.`);
    if (isPost && req.header('Content-Type')?.split(';')[0]?.trim().toLowerCase() !== 'application/json')
      throw forbidden(`The Content-Type is ${req.header('Content-Type') ?? 'missing'}; expected application/json.`);
    await next();
  };

import { effect } from '@preact/signals';
import { alarmCount } from '../router.js';

const drawn = (count: number): string => {
  const badge = count
    ? `<circle cx="22" cy="10" r="10" fill="#bf141c"/><text x="22" y="15" font-family="sans-serif" font-size="15" font-weight="700" fill="#fff" text-anchor="middle">${count > 9 ? '9+' : count}</text>`
    : '';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#5b6672" d="M4 18 27 12l-4 8-15 4zM2 28l28-6v3L2 31z"/>${badge}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
};

/** The page's icon has the count of alarms. */
export const startFavicon = (): void => {
  effect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel=icon]') ?? document.head.appendChild(document.createElement('link'));
    link.rel = 'icon';
    link.href = drawn(alarmCount.value);
  });
};

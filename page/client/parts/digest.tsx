import { shortDigest } from '../format/text.js';

/** The first digits of a digest; all of it as its title. */
export const Digest = ({ digest }: { digest: string }) => (
  <span class="digest" title={digest}>
    {shortDigest(digest)}
  </span>
);

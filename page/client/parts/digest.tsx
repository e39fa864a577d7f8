import { shortDigest } from '../format/text.js';

/** The first digits of a digest; all of it as its title. */
export const Digest = ({ digest }: { digest: string }) => (
  <span class="digest" title={digest}>
    {shortDigest(digest)}
  </span>
);

/** An image as its tag and its digest. */
export const Image = ({ image }: { image: { readonly tag?: string; readonly digest: string } }) => (
  <>
    {image.tag && <span>{image.tag} </span>}
    <Digest digest={image.digest} />
  </>
);

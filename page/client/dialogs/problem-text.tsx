import { Icon } from '../parts/icons.js';

/** What went wrong, read out at once. */
export const ProblemText = ({ error }: { error: Error }) => (
  <p class="tone-red" role="alert">
    <Icon name="failed" /> {error.message}
  </p>
);

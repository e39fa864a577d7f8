import { Button } from '../parts/button.js';
import { Dialog } from '../parts/dialog.js';
import { shortcuts } from './keys.js';
import { closeOverlay } from './open.js';

/** The list of keys. */
export const Help = () => (
  <Dialog title="Keyboard" icon="help" onClose={closeOverlay}>
    <dl class="shortcuts">
      {shortcuts.map(({ keys, text }) => (
        <div key={text}>
          <dt>
            {keys.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
          </dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
    <div class="dialog-actions">
      <Button onClick={closeOverlay}>Close</Button>
    </div>
  </Dialog>
);

import { effect } from '@preact/signals';
import { lookOfOutcome } from '../format/state.js';
import { deploymentHref, releaseHref } from '../routes.js';
import { lastRecord, releases, serviceIds, serviceRow } from '../state.js';
import { showToast, type Toast } from './toasts.js';

type Ended = NonNullable<typeof lastRecord.value>;

/** What ended, and where it is seen; undefined for what the page does not know. */
const subjectOf = ({ id, kind }: Ended): { readonly name: string; readonly href: string } | undefined => {
  if (kind === 'release') {
    const release = releases.peek().find((one) => one.id === id);
    return (
      release && {
        name: `${release.repository} ${release.image?.tag ?? release.tag ?? ''}`.trim(),
        href: releaseHref(release.repository, id),
      }
    );
  }
  const service = serviceIds.peek().find((one) => {
    const row = serviceRow(one)?.peek();
    return row?.current === id || row?.last === id;
  });
  return service === undefined ? undefined : { name: service, href: deploymentHref(service, id) };
};

const toastOf = (record: Ended): Toast | undefined => {
  const subject = subjectOf(record);
  if (!subject || !record.outcome) return undefined;
  const { icon, tone } = lookOfOutcome(record.outcome);
  return {
    title: `${subject.name} ${record.outcome}`,
    href: subject.href,
    icon,
    ...((tone === 'green' || tone === 'amber' || tone === 'red') && { tone }),
  };
};

/** Ends of what was under way. */
export const startToasts = (): void => {
  effect(() => {
    const toast = lastRecord.value && toastOf(lastRecord.value);
    if (toast) showToast(toast);
  });
};

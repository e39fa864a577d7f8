/** What each of the four measures counts, as the page's tooltips and the docs say it. */
export const definitions = {
  deploymentFrequency: {
    title: 'Deployment frequency',
    text: 'Deployments that ended SUCCEEDED, DEPLOYED in the last stage of their repository, divided by the working days of the month.',
  },
  leadTime: {
    title: 'Lead time for changes',
    text:
      'From the time in the image’s label org.opencontainers.image.created to SUCCEEDED in the last stage, approvals and windows ' +
      'included; the median of the month. An image without the label does not count.',
  },
  changeFailureRate: {
    title: 'Change failure rate',
    text:
      'Deployments to the last stage that ended ROLLED_BACK, ROLLBACK_FAILED or UNKNOWN, or were rolled back by an operator within ' +
      'a day, among all that changed the service.',
  },
  timeToRestore: {
    title: 'Time to restore',
    text: 'From the end of a failed deployment to the next deployment of the service that succeeds; the median of the month.',
  },
} as const;

export type Measure = keyof typeof definitions;

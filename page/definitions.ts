/** What each of the four measures counts, as the page's tooltips and the docs say it. Months and days are those of UTC. */
export const definitions = {
  deploymentFrequency: {
    title: 'Deployment frequency',
    text:
      'Deployments of an image that ended SUCCEEDED in the last stage of their repository, divided by the working days of the month, ' +
      'Monday to Friday; of the present month by those so far.',
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
    text:
      'From the end of a failed deployment, or from the start of its rollback by an operator, to the end of the next deployment or ' +
      'rollback of the service that succeeds; the median of the month.',
  },
} as const;

export type Measure = keyof typeof definitions;

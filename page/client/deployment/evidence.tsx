import type { DeploymentDetail, StoppedTask } from '../../api.js';
import { duration } from '../format/time.js';
import { Digest } from '../parts/digest.js';
import { Icon } from '../parts/icons.js';
import { LogLines } from '../parts/log-lines.js';
import { Panel } from '../parts/panel.js';
import { Table } from '../parts/table.js';
import { At } from '../parts/time.js';
import { OutLink } from '../router.js';
import { quarantineText } from './summary.js';

/** Whether there is anything that speaks of a failure. */
const hasEvidence = ({ deployment: { failures, log, events, alarms, warnings }, stopped }: DeploymentDetail): boolean =>
  [failures, log?.lines, events, alarms, warnings, stopped].some((part) => part !== undefined && part.length > 0);

export const Evidence = ({ detail }: { detail: DeploymentDetail }) => {
  if (!hasEvidence(detail)) return null;
  const { stopped, logUrl, deployment } = detail;
  const { log, failures = [], events = [], alarms = [], warnings = [] } = deployment;
  const seen = stopped[0]?.stoppedAt;
  return (
    <Panel
      title="Why it failed"
      isFlush
      aside={
        seen && (
          <>
            from stopped tasks, the last at <At at={seen} />
          </>
        )
      }
    >
      <div class="evidence">
        {(failures.length > 0 || stopped.length > 0) && (
          <div class="part">
            {failures.map(({ count, description }) => (
              <p key={description} class="failure">
                <b>{count} ×</b> {description}
              </p>
            ))}
            <Stopped tasks={stopped} />
          </div>
        )}
        {log && log.lines.length > 0 && (
          <div class="part">
            <h3>
              Last lines of {log.container}
              {logUrl && (
                <OutLink href={logUrl} class="link">
                  CloudWatch <Icon name="external" size={14} />
                </OutLink>
              )}
            </h3>
            <LogLines lines={log.lines} label={`Last lines of ${log.container}`} />
          </div>
        )}
        <Lines title="Service events" lines={events} />
        <Lines title="Alarms" lines={alarms} />
        <Lines title="Warnings" lines={warnings} />
        <Quarantine detail={detail} />
      </div>
    </Panel>
  );
};

const columns = ['Task', 'Zone', 'Stopped', 'Ran', 'Exit'].map((title) => ({ title, isHidden: true }));

const Stopped = ({ tasks }: { tasks: readonly StoppedTask[] }) =>
  tasks.length === 0 ? null : (
    <Table caption="Stopped tasks" class="stopped" columns={columns}>
      <tbody>
        {tasks.map(({ id, zone, stoppedAt, ranSeconds, container, exitCode, reason }) => (
          <tr key={id} title={reason}>
            <th scope="row">{id.slice(0, 8)}</th>
            <td>{zone}</td>
            <td>
              stopped <At at={stoppedAt} />
            </td>
            <td>{ranSeconds === undefined ? '' : `ran ${duration(ranSeconds)}`}</td>
            <td title={container}>{exitCode === undefined ? '' : `exit ${exitCode}`}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );

const Lines = ({ title, lines }: { title: string; lines: readonly string[] }) =>
  lines.length === 0 ? null : (
    <div class="part">
      <h3>{title}</h3>
      <ul class="lines">
        {[...new Set(lines)].map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  );

const Quarantine = ({ detail }: { detail: DeploymentDetail }) => {
  const quarantine = quarantineText(detail);
  return quarantine ? (
    <div class="part quarantine">
      <Icon name="shield" />
      <p>
        <Digest digest={quarantine.digest} /> {quarantine.text}
      </p>
    </div>
  ) : null;
};

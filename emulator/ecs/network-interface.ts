import type { Task } from './records.js';

const statuses: Readonly<Record<Task['lastStatus'], string>> = {
  PROVISIONING: 'PRECREATED',
  PENDING: 'ATTACHED',
  ACTIVATING: 'ATTACHED',
  RUNNING: 'ATTACHED',
  DEACTIVATING: 'ATTACHED',
  STOPPING: 'ATTACHED',
  DEPROVISIONING: 'DETACHING',
  STOPPED: 'DELETED',
};

/** Made of the task's ID, as it is random already. Sliced, not split: every view and every event of a task asks for them. */
const idsOf = ({ id }: Task) => {
  const byte = (index: number): string => id.slice(2 * index, 2 * index + 2);
  const decimal = (index: number): number => Number.parseInt(byte(index), 16);
  return {
    attachmentId: `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-8${id.slice(17, 20)}-${id.slice(20, 32)}`,
    networkInterfaceId: `eni-0${id.slice(0, 16)}`,
    macAddress: `02:${byte(0)}:${byte(1)}:${byte(2)}:${byte(3)}:${byte(4)}`,
    address: `10.${decimal(0)}.${decimal(1)}.${decimal(2)}`,
  };
};

/** Of its own: with the network mode awsvpc, which is the only one on Fargate. */
export const hasNetworkInterface = ({ taskDefinition }: Pick<Task, 'taskDefinition'>): boolean =>
  taskDefinition.document.networkMode === 'awsvpc';

/** `attachments`: the elastic network interface of a task with the network mode awsvpc (developer guide, "Task networking"). */
export const attachmentsOf = (task: Task, region: string): Readonly<Record<string, unknown>>[] => {
  const [subnetId] = task.settings.networkConfiguration?.awsvpcConfiguration?.subnets ?? [];
  if (!hasNetworkInterface(task) || subnetId === undefined) return [];
  const { attachmentId, networkInterfaceId, macAddress, address } = idsOf(task);
  const details = {
    subnetId,
    networkInterfaceId,
    macAddress,
    privateDnsName: `ip-${address.replaceAll('.', '-')}.${region}.compute.internal`,
    privateIPv4Address: address,
  };
  return [
    {
      id: attachmentId,
      type: 'ElasticNetworkInterface',
      status: statuses[task.lastStatus],
      details: Object.entries(details).map(([name, value]) => ({ name, value })),
    },
  ];
};

/** `networkInterfaces` of each container of the task, once the interface is attached. */
export const networkInterfacesOf = (task: Task): object[] => {
  if (!hasNetworkInterface(task) || task.lastStatus === 'PROVISIONING') return [];
  const { attachmentId, address } = idsOf(task);
  return [{ attachmentId, privateIpv4Address: address }];
};

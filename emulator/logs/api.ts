export type Logs = {
  createLogGroup(name: string, retentionInDays?: number): void;
  write(group: string, stream: string, message: string): void;
};

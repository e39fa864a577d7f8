export type Dynamodb = {
  /** CreateTable's input, as in the template; resolves when the table is ACTIVE. */
  createTable(input: Readonly<Record<string, unknown>>): Promise<void>;
  setTimeToLive(tableName: string, attributeName: string): Promise<void>;
  close(): Promise<void>;
};

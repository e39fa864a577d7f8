export type Dynamodb = {
  /** CreateTable's input, as in the template; resolves when the table is ACTIVE. */
  createTable(input: Readonly<Record<string, unknown>>): Promise<void>;
  /** @throws AwsError ValidationException for a table that is protected against deletion */
  deleteTable(tableName: string): Promise<void>;
  setTimeToLive(tableName: string, attributeName: string): Promise<void>;
  close(): Promise<void>;
};

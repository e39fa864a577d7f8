import type { EmulatedAccount } from '../emulated-account.js';
import { readInput } from '../operation.js';
import type { Dynamodb } from './api.js';
import { itemOperations } from './item-operations.js';
import { tableOperations } from './table-operations.js';
import { Tables } from './tables.js';

/** DynamoDB: dynalite behind the account's requests, so faults, IAM and unknown members work as in every service. */
export const createDynamodb = (account: EmulatedAccount): Dynamodb => {
  const tables = new Tables(account);
  account.add([...tableOperations(tables), ...itemOperations(tables)]);
  return {
    createTable: async (input) => {
      const definition = account.operation('dynamodb', 'CreateTable');
      await tables.create(definition ? readInput(definition, input) : input);
    },
    deleteTable: async (TableName) => {
      await tables.delete({ TableName });
    },
    setTimeToLive: async (tableName, attributeName) => tables.setTimeToLive(tableName, attributeName),
    close: async () => tables.close(),
  };
};

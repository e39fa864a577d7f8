import { Table } from '../../aws/table.js';
import { type Environment, variable } from './environment.js';

/** The stack's table, by the function's environment. */
export const tableIn = (environment: Environment): Table => new Table(environment.clients, variable(environment, 'TABLE_NAME'));

import { Table } from '../../aws/table.js';
import { type Environment, variable } from './environment.js';

/** The stack's table, as a function gets it. */
export const tableIn = (environment: Environment): Table => new Table(environment.clients, variable(environment, 'TABLE_NAME'));

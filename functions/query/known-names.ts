import { type Configuration, configuredServices, findService, repositoryOf } from '../../core/configuration/configuration.js';
import { suggestionFor } from '../../core/input/suggestion.js';
import * as messages from '../../core/query/messages.js';
import { RefusedQuery } from '../../core/query/refused-query.js';
import { repositoryNotConfigured } from '../../core/result/messages.js';

/** @throws RefusedQuery NOT_CONFIGURED for a repository that slipway.yml does not name */
export const rejectUnknownRepository = (configuration: Configuration, repository: string): void => {
  if (repositoryOf(configuration, repository)) return;
  const names = Object.keys(configuration.repositories);
  const suggestion = suggestionFor(repository, names);
  throw new RefusedQuery('NOT_CONFIGURED', repositoryNotConfigured(repository, names, suggestion), suggestion);
};

/** @throws RefusedQuery NOT_CONFIGURED for a service that slipway.yml does not name */
export const rejectUnknownService = (configuration: Configuration, service: string): void => {
  if (findService(configuration, service)) return;
  const names = [...new Set(configuredServices(configuration).map((one) => one.service.service))];
  const suggestion = suggestionFor(service, names);
  throw new RefusedQuery('NOT_CONFIGURED', messages.serviceNotConfigured(service, names, suggestion), suggestion);
};

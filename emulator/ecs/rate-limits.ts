// Per account and Region, shared by the operations of a category.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html (November 2026)
export const clusterRead = { name: 'ecs cluster read', burst: 50, perSecond: 20 };
export const clusterModify = { name: 'ecs cluster modify', burst: 20, perSecond: 1 };
export const taskDefinitionRead = { name: 'ecs task definition read', burst: 50, perSecond: 20 };
export const taskDefinitionModify = { name: 'ecs task definition modify', burst: 20, perSecond: 1 };
export const serviceRead = { name: 'ecs service read', burst: 100, perSecond: 20 };
/** Stop- and ContinueServiceDeployment too, for which no category is documented. */
export const serviceModify = { name: 'ecs service modify', burst: 50, perSecond: 5 };
export const serviceDeploymentRead = { name: 'ecs service deployment', burst: 50, perSecond: 20 };
export const serviceRevisionRead = { name: 'ecs service revision', burst: 50, perSecond: 20 };
export const clusterResourceRead = { name: 'ecs cluster resource read', burst: 100, perSecond: 20 };
export const clusterResourceModify = { name: 'ecs cluster resource modify', burst: 100, perSecond: 40 };
export const tagRead = { name: 'ecs tag read', burst: 50, perSecond: 20 };
export const tagModify = { name: 'ecs tag modify', burst: 20, perSecond: 10 };

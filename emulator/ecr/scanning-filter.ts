/** `*` matches any number of characters; a filter without one matches names that contain it (ECR User Guide, "Filters"). */
export const matchesWildcard = (filter: string, name: string): boolean => {
  if (!filter.includes('*')) return name.includes(filter);
  const pattern = filter.split('*').map((part) => part.replace(/[.\\+?^${}()|[\]]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*')}$`).test(name);
};

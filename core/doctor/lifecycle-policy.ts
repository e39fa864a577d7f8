import type { ImageFacts } from './facts.js';

type Selection = {
  readonly tagStatus?: 'tagged' | 'untagged' | 'any';
  readonly tagPrefixList?: readonly string[];
  readonly tagPatternList?: readonly string[];
  readonly countType?: string;
  readonly countNumber?: number;
  readonly countUnit?: string;
};

export type LifecycleRule = { readonly rulePriority: number; readonly selection: Selection; readonly action: { readonly type: string } };

/** The rules of a policy that ECR has accepted, in their order. */
export const rulesOf = (text: string): LifecycleRule[] =>
  [...(JSON.parse(text) as { rules: LifecycleRule[] }).rules].sort((one, other) => one.rulePriority - other.rulePriority);

/** `*` stands for any characters. */
const matches = (pattern: string, tag: string): boolean =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.\\+?^${}()|[\]]/g, '\\$&'))
      .join('.*')}$`,
  ).test(tag);

/**
 * Does a rule select the image by its tags? An image matches several prefixes or patterns if each of them matches one of its tags (ECR User
 * Guide, "Lifecycle policy properties").
 */
export const isSelected = ({ selection }: LifecycleRule, { tags }: ImageFacts): boolean => {
  const { tagStatus, tagPrefixList = [], tagPatternList = [] } = selection;
  if (tagStatus === 'any') return true;
  if (tagStatus === 'untagged') return tags.length === 0;
  return (
    tagPrefixList.every((prefix) => tags.some((tag) => tag.startsWith(prefix))) &&
    tagPatternList.every((pattern) => tags.some((tag) => matches(pattern, tag)))
  );
};

export const dayMs = 86_400_000;

/** Those of the images that a rule selects which it expires now. What cannot be known from the time of the push, it does not expire. */
const expiredBy = (rule: LifecycleRule, images: readonly ImageFacts[], now: Date): ImageFacts[] => {
  const { countType, countNumber = 0 } = rule.selection;
  const selected = images.filter((image) => isSelected(rule, image));
  if (countType === 'imageCountMoreThan')
    return [...selected].sort((one, other) => Date.parse(other.pushedAt) - Date.parse(one.pushedAt)).slice(countNumber);
  if (countType === 'sinceImagePushed')
    return selected.filter(({ pushedAt }) => Date.parse(pushedAt) + countNumber * dayMs < now.getTime());
  return [];
};

/**
 * The rule that decides about each image, by digest: `expires` if it expires it now. An image that a rule selects by its tags is left alone
 * by all rules of lower priority, except that those still count it (ECR User Guide, "Lifecycle policies in Amazon ECR").
 */
export const lifecycleOf = (
  rules: readonly LifecycleRule[],
  images: readonly ImageFacts[],
  now: Date,
): ReadonlyMap<string, { readonly rule: LifecycleRule; readonly expires: boolean }> => {
  const decided = new Map<string, { rule: LifecycleRule; expires: boolean }>();
  for (const rule of rules) {
    const expired = new Set(expiredBy(rule, images, now));
    const isExpiring = rule.action.type === 'expire';
    for (const image of images.filter((one) => isSelected(rule, one)))
      if (!decided.has(image.digest)) decided.set(image.digest, { rule, expires: isExpiring && expired.has(image) });
  }
  return decided;
};

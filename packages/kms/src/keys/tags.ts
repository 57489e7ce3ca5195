import { KmsError } from '../wire/errors.ts'
import type { Tag } from './key-record.ts'

const MOST = 50

/** Throws TagException for reserved or repeated names and for more than 50. */
export function checkTags(tags: readonly Tag[]): readonly Tag[] {
  const names = tags.map((tag) => tag.TagKey)
  checkTagKeys(names)
  if (new Set(names).size !== names.length) throw new KmsError('TagException', 'Duplicate tag keys')
  if (tags.length > MOST) throw new KmsError('TagException', 'Too many tags')
  return tags
}

/** Names that start with `aws:`, in whatever letter case, belong to AWS. */
export function checkTagKeys(names: readonly string[]): void {
  if (names.some((name) => /^aws:/i.test(name))) {
    throw new KmsError('TagException', 'Tags beginning with aws: are reserved')
  }
}

import { environment, sharedFile } from '#platform'

export type Profile = Readonly<Record<string, string>>

/** In `config` every profile but the default one is `[profile name]`; in `credentials` each is `[name]`. */
const SECTIONS = {
  config: /^\[\s*(?:profile\s+(?<named>[^\]]+?)|(?<plain>default))\s*\]/,
  credentials: /^\[\s*(?<named>[^\]]+?)\s*\]/,
} as const

const SETTING = /^([\w-]+)\s*=\s*(.*)$/
const COMMENT = /(?:^|\s)[#;].*$/
/** As editors on Windows put it before the first line. */
const BYTE_ORDER_MARK = /^\ufeff/

/**
 * The settings of one profile, those of `credentials` before those of `config`. Without a name that of `AWS_PROFILE`, or
 * the default one. Throws an Error where there is no profile of a name; only the default one may be absent.
 */
export async function sharedProfile(name = environment('AWS_PROFILE')): Promise<Profile> {
  const wanted = name ?? 'default'
  const [config, credentials] = await Promise.all([settingsOf('config', wanted), settingsOf('credentials', wanted)])
  if (name !== undefined && config === null && credentials === null) {
    throw new Error(`neither shared AWS file has a profile ${JSON.stringify(name)}`)
  }
  return Object.assign(Object.create(null), config, credentials)
}

/**
 * As the AWS SDK reads them: an indented line is a setting like any other, but for those behind a setting without a value,
 * which are nested in it. None of these is read here, and an empty value counts as not set.
 */
async function settingsOf(file: 'config' | 'credentials', profile: string): Promise<Profile | null> {
  let settings: Record<string, string> | null = null
  let inside = false
  let nested = false
  for (const line of ((await sharedFile(file)) ?? '').replace(BYTE_ORDER_MARK, '').split(/\r?\n/)) {
    const text = line.replace(COMMENT, '').trim()
    if (text.startsWith('[')) {
      inside = sectionName(file, text) === profile
      nested = false
      if (inside) settings ??= Object.create(null) as Record<string, string>
    }
    const [, key, value] = SETTING.exec(text) ?? []
    if (key === undefined || value === undefined) continue
    nested = value === '' || (nested && /^\s/.test(line))
    if (inside && settings !== null && !nested) settings[key.toLowerCase()] = value
  }
  return settings
}

function sectionName(file: 'config' | 'credentials', line: string): string | undefined {
  const { named, plain } = SECTIONS[file].exec(line)?.groups ?? {}
  return (named ?? plain)?.replace(/^(["'])(.*)\1$/, '$2')
}

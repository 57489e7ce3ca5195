import { environment, sharedFile } from '#platform'

export type Profile = Readonly<Record<string, string>>

const SECTION = /^\[\s*(?:profile\s+)?(.+?)\s*\]$/
const SETTING = /^([\w-]+)\s*=\s*(.*)$/

/** The settings of one profile, those of `credentials` before those of `config`. Empty where there is none. */
export async function sharedProfile(name: string = environment('AWS_PROFILE') ?? 'default'): Promise<Profile> {
  const [config, credentials] = await Promise.all([sharedFile('config'), sharedFile('credentials')])
  return { ...settingsOf(config ?? '', name), ...settingsOf(credentials ?? '', name) }
}

/** Nested settings, which are indented, are left out: none of them is read here. */
function settingsOf(text: string, profile: string): Profile {
  const settings: Record<string, string> = Object.create(null)
  let section: string | undefined
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(?:[#;]|$)/.test(line) || /^\s/.test(line)) continue
    section = SECTION.exec(line)?.[1] ?? section
    const [, key, value] = SETTING.exec(line) ?? []
    if (section === profile && key !== undefined && value !== undefined) settings[key.toLowerCase()] = value.trim()
  }
  return settings
}

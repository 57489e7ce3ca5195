/** Outside Node there is no environment and there are no shared files: region and credentials are given as options. */
export const environment = (_name: string): string | undefined => undefined

export const sharedFile = async (_name: 'config' | 'credentials'): Promise<string | null> => null

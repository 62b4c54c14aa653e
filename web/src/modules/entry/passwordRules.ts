/** What a new password is held to, shown while it is typed; the service decides. */
const SHORTEST = 10
const KINDS_WANTED = 3
const KINDS = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/]

export function passwordRules(fresh: string, current: string) {
  return [
    { name: 'long', kept: fresh.length >= SHORTEST },
    { name: 'mixed', kept: KINDS.filter((kind) => kind.test(fresh)).length >= KINDS_WANTED },
    { name: 'fresh', kept: fresh !== '' && fresh !== current },
  ] as const
}

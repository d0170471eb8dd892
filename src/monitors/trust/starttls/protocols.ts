import { mysql, mysqlFarewell, postgres } from './databases.ts'
import type { Dialog } from './dialog.ts'
import { ftp, nntp } from './files-and-news.ts'
import { ldap, ldapFarewell } from './ldap.ts'
import { imap, pop3, sieve } from './mailbox.ts'
import { lmtp, smtp } from './smtp.ts'
import { xmpp, xmppServer } from './xmpp.ts'

/** What a dialog may need to say of us and of its server. */
export interface DialogNames {
  /** Who we say we are, in mail: a name or an address in brackets. */
  hello: string
  /** Which domain is asked for, in XMPP. */
  domain: string
}

/** How a protocol goes over from plain text to TLS on the same connection. */
export interface StartTlsProtocol {
  title: string
  port: number
  dialog: (names: DialogNames) => Dialog<object>
  /** What is said under TLS before hanging up, where vanishing would be held against us. */
  farewell?: () => Dialog<object>
}

const goodbye = (say: string) =>
  function* (): Dialog<object> {
    yield { say, waiting: 'nothing' }
    return {}
  }
const quit = goodbye('QUIT\r\n')

const PROTOCOLS = {
  smtp: { title: 'SMTP', port: 25, dialog: smtp, farewell: quit },
  lmtp: { title: 'LMTP', port: 24, dialog: lmtp, farewell: quit },
  imap: { title: 'IMAP', port: 143, dialog: imap, farewell: goodbye('a003 LOGOUT\r\n') },
  pop3: { title: 'POP3', port: 110, dialog: pop3, farewell: quit },
  sieve: { title: 'ManageSieve', port: 4190, dialog: sieve, farewell: goodbye('LOGOUT\r\n') },
  ftp: { title: 'FTP', port: 21, dialog: ftp, farewell: quit },
  nntp: { title: 'NNTP', port: 119, dialog: nntp, farewell: quit },
  ldap: { title: 'LDAP', port: 389, dialog: ldap, farewell: ldapFarewell },
  postgres: { title: 'PostgreSQL', port: 5432, dialog: postgres },
  mysql: { title: 'MySQL', port: 3306, dialog: mysql, farewell: mysqlFarewell },
  xmpp: { title: 'XMPP for clients', port: 5222, dialog: xmpp },
  'xmpp-server': { title: 'XMPP between servers', port: 5269, dialog: xmppServer },
} satisfies Record<string, StartTlsProtocol>
export type StartTlsProtocolName = keyof typeof PROTOCOLS

/** Every protocol with a dialog before TLS. */
export const STARTTLS_PROTOCOLS: Record<StartTlsProtocolName, StartTlsProtocol> = PROTOCOLS
export const STARTTLS_NAMES = Object.keys(PROTOCOLS) as StartTlsProtocolName[]

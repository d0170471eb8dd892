import type { StartTlsSpec } from '../../../monitors/index.ts'

/** What a server says before TLS. */
export interface LabDialog {
  /** Said without being asked. */
  greeting?: string
  /** The answers, one after the other; after the last one TLS begins. */
  answers: string[]
  /** The answer in place of the one that offers TLS, or in place of the last where nothing is offered before. */
  withoutOffer: { at: number; answer: string }
  /** How many bytes of the client come before its TLS, where it does not wait for an answer. */
  lastBytes?: number
}

const STREAM = "<?xml version='1.0'?><stream:stream id='lab' xmlns:stream='http://etherx.jabber.org/streams'>"
const FEATURES = "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>"
const PROCEED = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
const xmpp: LabDialog = {
  answers: [STREAM + FEATURES, PROCEED],
  withoutOffer: { at: 0, answer: `${STREAM}<stream:features/>` },
}

const mail: LabDialog = {
  greeting: '220 lab ready\r\n',
  answers: ['250-lab\r\n250 STARTTLS\r\n', '220 go ahead\r\n'],
  withoutOffer: { at: 0, answer: '250 lab\r\n' },
}

function mysqlGreeting(capabilities: number): string {
  const body = Buffer.concat([
    Buffer.from('\x0a8.0.0-lab\0', 'latin1'),
    Buffer.from([1, 0, 0, 0]),
    Buffer.from('scramble\0', 'latin1'),
    Buffer.from([capabilities & 0xff, capabilities >> 8, 0x21, 2, 0, 0xff, 0x81]),
    Buffer.alloc(11),
    Buffer.from('scramblemore\0', 'latin1'),
  ])
  return Buffer.concat([Buffer.from([body.length, 0, 0, 0]), body]).toString('latin1')
}
const ldapResult = (code: number) =>
  `\x30\x0c\x02\x01\x01\x78\x07\x0a\x01${String.fromCharCode(code)}\x04\0\x04\0`

/** The healthy dialog of each protocol, as its server speaks it. */
export const LAB_DIALOGS: Record<StartTlsSpec['protocol'], LabDialog> = {
  smtp: mail,
  lmtp: mail,
  imap: {
    greeting: '* OK lab ready\r\n',
    answers: ['* CAPABILITY IMAP4rev1 STARTTLS\r\na001 OK\r\n', 'a002 OK begin\r\n'],
    withoutOffer: { at: 0, answer: '* CAPABILITY IMAP4rev1\r\na001 OK\r\n' },
  },
  pop3: {
    greeting: '+OK lab ready\r\n',
    answers: ['+OK\r\nUIDL\r\nSTLS\r\n.\r\n', '+OK begin\r\n'],
    withoutOffer: { at: 0, answer: '+OK\r\nUIDL\r\n.\r\n' },
  },
  sieve: {
    greeting: '"IMPLEMENTATION" "lab"\r\n"STARTTLS"\r\nOK\r\n',
    answers: ['OK "begin"\r\n'],
    withoutOffer: { at: -1, answer: '"IMPLEMENTATION" "lab"\r\nOK\r\n' },
  },
  ftp: {
    greeting: '220 lab ready\r\n',
    answers: ['234 begin\r\n'],
    withoutOffer: { at: 0, answer: '502 not implemented\r\n' },
  },
  nntp: {
    greeting: '200 lab ready\r\n',
    answers: ['101 list\r\nVERSION 2\r\nSTARTTLS\r\n.\r\n', '382 begin\r\n'],
    withoutOffer: { at: 0, answer: '101 list\r\nVERSION 2\r\n.\r\n' },
  },
  ldap: { answers: [ldapResult(0)], withoutOffer: { at: 0, answer: ldapResult(2) } },
  postgres: { answers: ['S'], withoutOffer: { at: 0, answer: 'N' } },
  mysql: {
    greeting: mysqlGreeting(0xffff),
    answers: [''],
    withoutOffer: { at: -1, answer: mysqlGreeting(0xf7ff) },
    lastBytes: 36,
  },
  xmpp,
  'xmpp-server': xmpp,
}

/** What is put into the connection behind the last answer, as somebody on the way would. */
export const INJECTED = 'injected words\r\n'

// Run by Node versions from 8 on: real handshakes, each graph under a name of its own, and what this client says.
// In: a file of {key, chain, roots} as a JSON list. Out: a JSON list of null (connected) or the client's error code.
// biome-ignore lint/style/useNodejsImportProtocol: Node 8 does not know it.
const fs = require('fs')
// biome-ignore lint/style/useNodejsImportProtocol: the same.
const tls = require('tls')

// These versions follow issuers that were sent in a circle for ever; only the verdict is asked for here.
tls.TLSSocket.prototype.getPeerCertificate = () => ({})

const graphs = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'))
const answers = new Array(graphs.length)
const contexts = {}
const server = tls.createServer({
  SNICallback: (name, done) => {
    const graph = graphs[Number(name.slice(1, name.indexOf('.')))]
    try {
      if (!contexts[name]) contexts[name] = tls.createSecureContext({ key: graph.key, cert: graph.chain })
      done(null, contexts[name])
    } catch (error) {
      done(error)
    }
  },
})
server.on('tlsClientError', () => {})
server.on('secureConnection', (socket) => {
  socket.on('error', () => {})
})
server.listen(0, '127.0.0.1', () => {
  let next = 0
  let open = 0
  const more = () => {
    if (next === graphs.length && open === 0) return finish()
    while (open < 8 && next < graphs.length) ask(next++)
  }
  const ask = (index) => {
    open++
    let settled = false
    const settle = (answer) => {
      if (settled) return
      settled = true
      answers[index] = answer
      open--
      socket.destroy()
      more()
    }
    const socket = tls.connect(
      {
        port: server.address().port,
        host: '127.0.0.1',
        servername: `g${index}.example.org`,
        ca: graphs[index].roots,
        rejectUnauthorized: false,
        checkServerIdentity: () => {},
      },
      () => {
        settle(socket.authorized ? null : String(socket.authorizationError))
      },
    )
    socket.on('error', (error) => {
      settle(`failed: ${error.code || error.message}`)
    })
  }
  more()
})
function finish() {
  server.close()
  process.stdout.write(JSON.stringify(answers))
}

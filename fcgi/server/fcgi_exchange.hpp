// SPDX-License-Identifier: Apache-2.0
// One connection, one request, one answer: the part that calls libfcgi. Facts about it that shape
// the code:
//  - it parses and frames only; its accept loop is not used, because nothing can stop it;
//  - it ignores CONTENT_LENGTH, so the length is checked here;
//  - an answer to a request whose body was not read is lost (the unread bytes make the kernel
//    reset the connection), so the body is always drained, within a limit;
//  - it has no timeouts, so the sockets do;
//  - it drops a request whose system call is interrupted, so no signal may reach these threads.
#pragma once

#include "server/fcgi_server.hpp"

namespace scoreboard::server {

// Once per process, before the threads start. Undoes what libfcgi does to signals.
void prepare_libfcgi();

// Reads the request of `connection` (which stays the caller's), answers it with `handler` and
// writes the log line. A client that breaks off, breaks the protocol or stalls is dropped, with a
// log line of its own.
void serve(int connection, const FcgiServer::Options& options, const FcgiServer::Handler& handler);

}  // namespace scoreboard::server

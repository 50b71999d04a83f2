import Glibc

guard let arguments = Arguments(Array(CommandLine.arguments.dropFirst())) else {
  print(Arguments.usage)
  exit(EX_USAGE)
}
if arguments.mustBeginAgain { arguments.beginAgain() }
exit(Runner(arguments).run() ? EXIT_SUCCESS : EXIT_FAILURE)

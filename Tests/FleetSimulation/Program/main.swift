import Glibc

guard let arguments = Arguments(Array(CommandLine.arguments.dropFirst())) else {
  fputs(Arguments.usage + "\n", stderr)
  exit(EX_USAGE)
}
setvbuf(stdout, nil, _IOLBF, 0)
exit(Runner(arguments).run() ? EXIT_SUCCESS : EXIT_FAILURE)

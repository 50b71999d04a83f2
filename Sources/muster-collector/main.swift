import Collector
import Glibc

exit(CollectorProgram.main(CommandLine.arguments))

using MMDetSharp.Cli;

return CommandLine.Run(args);

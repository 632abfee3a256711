using System.CommandLine;
using System.CommandLine.Parsing;

using MMDetSharp.Core.Configs;

namespace MMDetSharp.Cli;

/// <summary>What is wrong with a command line, in one sentence.</summary>
internal static class UsageText
{
    /// <summary>The message for the first thing that does not fit.</summary>
    internal static string Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        List<string> verbs = [.. command.Subcommands.Select(verb => verb.Name)];
        var wrong = parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null;
        return wrong switch
        {
            ['-', ..] => UnknownOption(Verbs(parsed).TrimEnd(), wrong, Options(parsed)),
            _ when verbs.Count > 0 => UnknownVerb(wrong, verbs),
            _ => parsed.Errors[0].Message,
        };
    }

    /// <summary>The verbs so far, each followed by a space.</summary>
    internal static string Verbs(ParseResult parsed)
    {
        var verbs = "";
        for (var at = parsed.CommandResult; at.Command is not RootCommand; at = (CommandResult)at.Parent!)
        {
            verbs = $"{at.Command.Name} {verbs}";
        }

        return verbs;
    }

    private static IEnumerable<string> Options(ParseResult parsed) => parsed.CommandResult.Command.Options
        .Concat(parsed.RootCommandResult.Command.Options.Where(option => option.Recursive))
        .Select(option => option.Name);

    private static string UnknownOption(string verbs, string written, IEnumerable<string> known)
    {
        var names = known.Order(StringComparer.Ordinal).ToList();
        var question = NearestName.Question(NearestName.Of(written, names), $"Known are {string.Join(" ", names)}.");
        return $"{(verbs.Length > 0 ? verbs : "mmdet")} has no option {written}. {question}";
    }

    private static string UnknownVerb(string? written, List<string> known) => written is null
        ? $"a command must follow, one of {string.Join(" ", known)}."
        : $"'{written}' is no command, must be one of {string.Join(" ", known)}. "
          + NearestName.Question(NearestName.Of(written, known), "Choose one of them.");
}

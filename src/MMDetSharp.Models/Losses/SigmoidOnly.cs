using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;

namespace MMDetSharp.Models.Losses;

/// <summary>Losses on sigmoids, whose configs say so.</summary>
internal static class SigmoidOnly
{
    /// <summary>Reads <c>use_sigmoid</c>.</summary>
    /// <param name="reader">The loss's node.</param>
    /// <param name="name">The loss in words, for the message.</param>
    /// <exception cref="ConfigException">It is False.</exception>
    internal static void Require(ConfigReader reader, string name)
    {
        if (!reader.Bool("use_sigmoid", true))
        {
            throw reader.Error("use_sigmoid", $"must be True: {name} works on sigmoids. Remove it or set it to True.");
        }
    }
}

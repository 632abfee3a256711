using MMDetSharp.Core.Registry;
using MMDetSharp.Models.DenseHeads;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>The dense heads by their names in configs.</summary>
internal static class HeadTable
{
    /// <summary>The table.</summary>
    internal static ContextRegistry<IDenseHead, HeadContext> Heads { get; } = new("head", []);
}

using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Samplers;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>The samplers by their names in configs.</summary>
internal static class SamplerTable
{
    /// <summary>Config name to the function that reads its node.</summary>
    internal static Registry<ISampler> Samplers { get; } = new("sampler", new()
    {
        ["PseudoSampler"] = _ => new PseudoSampler(),
    });
}

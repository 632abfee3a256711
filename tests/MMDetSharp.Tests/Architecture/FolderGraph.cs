using Mono.Cecil;

namespace MMDetSharp.Tests.Architecture;

/// <summary>
/// Which folder uses which, read from the compiled assemblies: base types, fields, signatures, locals, attributes, and
/// what the code calls. Constants leave no trace: the compiler copies them.
/// </summary>
internal static class FolderGraph
{
    private const string Root = "MMDetSharp.";

    /// <summary>The product's assemblies, which lie beside the tests.</summary>
    internal static IEnumerable<string> Assemblies =>
        Directory.GetFiles(AppContext.BaseDirectory, $"{Root}*.dll")
            .Where(path => !path.EndsWith("Tests.dll", StringComparison.Ordinal))
            .Append(Path.Combine(AppContext.BaseDirectory, "mmdet.dll"));

    /// <summary>Every arrow from a folder to another one, with a use of a type that draws it.</summary>
    internal static SortedDictionary<(string From, string To), string> Arrows()
    {
        var arrows = new SortedDictionary<(string, string), string>();
        foreach (var path in Assemblies)
        {
            using var assembly = AssemblyDefinition.ReadAssembly(path);
            foreach (var type in assembly.MainModule.GetTypes().Where(type => Folder(type).Length > 0))
            {
                foreach (var used in Uses(type).SelectMany(Parts).Where(used => Folder(used).Length > 0))
                {
                    arrows.TryAdd((Folder(type), Folder(used)), $"{Outermost(type).Name} uses {Outermost(used).Name}");
                }
            }
        }

        foreach (var loop in arrows.Keys.Where(arrow => arrow.Item1 == arrow.Item2).ToList())
        {
            arrows.Remove(loop);
        }

        return arrows;
    }

    private static IEnumerable<TypeReference> Uses(TypeDefinition type) =>
        type.Interfaces.Select(one => one.InterfaceType)
            .Concat(type.Fields.Select(field => field.FieldType))
            .Concat(type.CustomAttributes.Select(attribute => attribute.AttributeType))
            .Concat(type.GenericParameters.SelectMany(Constraints))
            .Concat(type.Methods.SelectMany(Uses))
            .Append(type.BaseType);

    private static IEnumerable<TypeReference> Uses(MethodDefinition method)
    {
        var signature = method.Parameters.Select(parameter => parameter.ParameterType)
            .Concat(method.GenericParameters.SelectMany(Constraints))
            .Append(method.ReturnType);
        return !method.HasBody ? signature : signature
            .Concat(method.Body.Variables.Select(local => local.VariableType))
            .Concat(method.Body.ExceptionHandlers.Select(handler => handler.CatchType))
            .Concat(method.Body.Instructions.SelectMany(instruction => instruction.Operand switch
            {
                TypeReference type => [type],
                GenericInstanceMethod called => [called.DeclaringType, .. called.GenericArguments],
                MemberReference member => [member.DeclaringType],
                _ => Array.Empty<TypeReference>(),
            }));
    }

    private static IEnumerable<TypeReference> Constraints(GenericParameter parameter) =>
        parameter.Constraints.Select(constraint => constraint.ConstraintType);

    // List<Tensor>[] is List and Tensor.
    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null or GenericParameter or FunctionPointerType => [],
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Append(generic.ElementType),
        TypeSpecification wrapped => Parts(wrapped.ElementType),
        _ => [type],
    };

    // A nested type belongs to the outermost one; so do closures and iterators.
    private static TypeReference Outermost(TypeReference type) =>
        type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static string Folder(TypeReference type)
    {
        var name = Outermost(type).Namespace;
        return name.StartsWith(Root, StringComparison.Ordinal) ? name[Root.Length..] : "";
    }
}
